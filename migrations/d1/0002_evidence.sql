CREATE TABLE `daily_roots` (
	`programme_id` text NOT NULL,
	`day` integer NOT NULL,
	`size` integer NOT NULL,
	`root` text NOT NULL,
	`previous` text NOT NULL,
	`key_id` text NOT NULL,
	`signature` text NOT NULL,
	`published_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `evidence_keys` (
	`key_id` text NOT NULL,
	`public_key` text NOT NULL,
	`first_used_at_ms` integer NOT NULL,
	PRIMARY KEY(`key_id`, `public_key`)
);
--> statement-breakpoint
CREATE TABLE `evidence_leaves` (
	`programme_id` text NOT NULL,
	`day` integer NOT NULL,
	`chunk` integer NOT NULL,
	`first_key` text NOT NULL,
	`root` text NOT NULL,
	`leaves` text NOT NULL,
	PRIMARY KEY(`programme_id`, `day`, `chunk`)
);
--> statement-breakpoint
CREATE TABLE `evidence_tags` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`tag_key` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `recorded_at_ms` integer;--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `prev_hash` text;--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `asked_points` integer;--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `source_id` text;--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `store_id` text;--> statement-breakpoint
ALTER TABLE `ledger_entries` ADD `breakdown` text;--> statement-breakpoint
CREATE INDEX `ledger_entries_by_time` ON `ledger_entries` (`programme_id`,`recorded_at_ms`);