"""Words the town is written with: names, subjects, topics, tasks, remarks; invented or common ones."""
