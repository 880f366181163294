"""``python -m linewash_training``, for torchrun."""

from .cli import main

if __name__ == "__main__":
    main()
