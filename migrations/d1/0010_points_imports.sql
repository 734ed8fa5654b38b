CREATE TABLE `points_imports` (
	`programme_id` text NOT NULL,
	`import_id` text NOT NULL,
	`csv` text NOT NULL,
	`sent_by` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `import_id`)
);
