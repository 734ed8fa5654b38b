CREATE TABLE `sweep_marks` (
	`name` text PRIMARY KEY NOT NULL,
	`reached` text NOT NULL
);
