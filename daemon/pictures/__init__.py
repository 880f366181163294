"""Picture files, read into and written from plain pixels. Only the CLI uses this: the server decodes no format."""
