"""Whose trouble it is when a diary does not show: ours, the diary's or Gosuslugi's."""
