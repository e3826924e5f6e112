"""What the gateway holds of one account: to take along, and to erase."""
