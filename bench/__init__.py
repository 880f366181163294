"""What Linewash costs in time and memory, and the command that measures it: ``python -m bench``. See docs/bench.md."""
