CREATE TABLE `page_documents` (
	`programme_id` text NOT NULL,
	`page_id` text NOT NULL,
	`revision` integer NOT NULL,
	`stamp` text NOT NULL,
	`draft` text,
	`newest_version` integer NOT NULL,
	`published_version` integer,
	`published_at_ms` integer,
	`scheduled_version` integer,
	`scheduled_at_ms` integer,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `page_id`)
);
--> statement-breakpoint
CREATE TABLE `page_versions` (
	`programme_id` text NOT NULL,
	`page_id` text NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL,
	`restores` integer,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `page_id`, `version`)
);
