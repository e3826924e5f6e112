"""The partner API: what is asked, who may ask it, and which rendering answers; one module a topic."""
