"""What marks add up to in a term: averages, progress, forecasts."""
