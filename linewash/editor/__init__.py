"""What the plug-ins of all editors share: the artist's choices, texts in their language, and what errors offer."""
