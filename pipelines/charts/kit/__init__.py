"""What charts share: colors and type (`theme`), labels that do not collide, marks, the ladder."""
