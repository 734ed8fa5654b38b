CREATE TABLE `points_campaign_members` (
	`programme_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `campaign_id`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `points_campaigns` (
	`programme_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`terms` text NOT NULL,
	`state` text NOT NULL,
	`members` integer NOT NULL,
	`reached` text NOT NULL,
	`given` integer NOT NULL,
	`refused` integer NOT NULL,
	`made_by` text NOT NULL,
	`made_at_ms` integer NOT NULL,
	`started_by` text,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	PRIMARY KEY(`programme_id`, `campaign_id`)
);
--> statement-breakpoint
CREATE INDEX `points_campaigns_by_time` ON `points_campaigns` (`programme_id`,`made_at_ms`);--> statement-breakpoint
CREATE INDEX `points_campaigns_by_state` ON `points_campaigns` (`state`);--> statement-breakpoint
CREATE TABLE `points_import_files` (
	`programme_id` text NOT NULL,
	`digest` text NOT NULL,
	`import_id` text NOT NULL,
	`imported_by` text NOT NULL,
	`imported_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `digest`)
);
