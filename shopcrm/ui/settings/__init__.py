"""The sections of the settings page, and what they are made of."""
