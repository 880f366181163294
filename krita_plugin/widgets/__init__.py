"""What the docker is made of. A widget's ``show_…`` never sends a command; only the artist's hand does."""
