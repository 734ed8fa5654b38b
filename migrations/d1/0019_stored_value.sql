CREATE TABLE `stored_entries` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`moved_fen` integer NOT NULL,
	`amount_fen` integer NOT NULL,
	`balance_after_fen` integer NOT NULL,
	`order_id` text,
	`source_id` text,
	`recorded_at_ms` integer NOT NULL,
	`prev_hash` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `stored_entries_by_time` ON `stored_entries` (`programme_id`,`recorded_at_ms`);--> statement-breakpoint
ALTER TABLE `payments` ADD `purpose` text DEFAULT 'order' NOT NULL;