"""What a customer did, in order."""
