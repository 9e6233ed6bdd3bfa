"""What a destination asks more of, on O*NET's scales: `gaps.skill_gaps`."""
