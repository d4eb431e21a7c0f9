"""What a person can do: one module a family. The rules of the field live here."""
