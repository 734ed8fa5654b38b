CREATE TABLE `member_merges` (
	`programme_id` text NOT NULL,
	`merge_id` text NOT NULL,
	`from_id` text NOT NULL,
	`into_id` text NOT NULL,
	`state` text NOT NULL,
	`obstacle` text,
	`reason` text NOT NULL,
	`actor` text NOT NULL,
	`at_ms` integer NOT NULL,
	`done_at_ms` integer,
	`moved_points` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`programme_id`, `merge_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `member_merges_from` ON `member_merges` (`programme_id`,`from_id`) WHERE state <> 'refused';--> statement-breakpoint
CREATE INDEX `member_merges_into` ON `member_merges` (`programme_id`,`into_id`);--> statement-breakpoint
CREATE INDEX `member_merges_by_time` ON `member_merges` (`programme_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `member_merges_open` ON `member_merges` (`at_ms`) WHERE state = 'open';--> statement-breakpoint
ALTER TABLE `members` ADD `merged_into` text;