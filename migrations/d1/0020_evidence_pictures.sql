CREATE TABLE `evidence_pictures` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`order_id` text NOT NULL,
	`name` text NOT NULL,
	`key_version` integer NOT NULL,
	`stored_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`, `order_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `evidence_pictures_by_key` ON `evidence_pictures` (`programme_id`,`key_version`);