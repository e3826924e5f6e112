"""What every request passes before it is routed, from the edge inwards."""
