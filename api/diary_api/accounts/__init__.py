"""Parents in the gateway, and what opens its door to them."""
