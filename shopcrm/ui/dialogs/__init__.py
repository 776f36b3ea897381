"""Windows in front of the window: what is typed in there is saved as a whole."""
