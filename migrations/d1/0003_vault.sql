CREATE TABLE `vault_keys` (
	`programme_id` text NOT NULL,
	`version` integer NOT NULL,
	`wrapped` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `version`)
);
