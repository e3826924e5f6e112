"""What appeared, changed or vanished: everything seen is compared with what was known."""
