"""Reading the diaries of the family: whose, which span, how fresh."""
