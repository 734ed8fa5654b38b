CREATE TABLE `difference_notes` (
	`programme_id` text NOT NULL,
	`provider` text NOT NULL,
	`name` text NOT NULL,
	`move_id` text NOT NULL,
	`note` text NOT NULL,
	`saved_by` text NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `provider`, `name`, `move_id`)
);
--> statement-breakpoint
CREATE INDEX `difference_notes_by_time` ON `difference_notes` (`programme_id`,`at_ms`);