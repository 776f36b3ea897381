"""Act (U): the desk, reminders, export."""
