"""What `make fault` does: it breaks things while events flow, and counts what that did to them."""
