CREATE TABLE `adjustments` (
	`programme_id` text NOT NULL,
	`adjustment_id` text NOT NULL,
	`member_id` text NOT NULL,
	`points` integer NOT NULL,
	`state` text NOT NULL,
	`proposed_by` text NOT NULL,
	`proposed_at_ms` integer NOT NULL,
	`proposal` text NOT NULL,
	`booked_at_ms` integer,
	PRIMARY KEY(`programme_id`, `adjustment_id`)
);
--> statement-breakpoint
CREATE INDEX `adjustments_by_staff` ON `adjustments` (`programme_id`,`proposed_by`,`proposed_at_ms`);--> statement-breakpoint
CREATE INDEX `adjustments_by_state` ON `adjustments` (`programme_id`,`state`,`proposed_at_ms`);--> statement-breakpoint
CREATE TABLE `invite_codes` (
	`programme_id` text NOT NULL,
	`code` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `code`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invite_codes_by_member` ON `invite_codes` (`programme_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `programme_terms` (
	`programme_id` text NOT NULL,
	`kind` text NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `kind`, `version`)
);
--> statement-breakpoint
CREATE TABLE `programmes` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`stamp` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rule_versions` (
	`programme_id` text NOT NULL,
	`kind` text NOT NULL,
	`rule_id` text NOT NULL,
	`version` integer NOT NULL,
	`state` text NOT NULL,
	`body` text NOT NULL,
	`report` text,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	`published_by` text,
	`published_at_ms` integer,
	`retired_at_ms` integer,
	PRIMARY KEY(`programme_id`, `kind`, `rule_id`, `version`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rule_published` ON `rule_versions` (`programme_id`,`kind`,`rule_id`) WHERE state = 'published';--> statement-breakpoint
CREATE TABLE `till_codes` (
	`programme_id` text NOT NULL,
	`code_id` text NOT NULL,
	`code` text NOT NULL,
	`is_revoked` integer NOT NULL,
	`body` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `code_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `till_codes_by_text` ON `till_codes` (`programme_id`,`code`);