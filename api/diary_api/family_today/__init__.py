"""Every child across every linked diary at once, with what needs a parent now."""
