"""What a parent can change, one ability, one file."""
