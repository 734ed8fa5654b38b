CREATE TABLE `consents` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`given_at_ms` integer NOT NULL,
	`notice_version` text NOT NULL,
	`via` text NOT NULL,
	`withdrawn_at_ms` integer,
	PRIMARY KEY(`programme_id`, `member_id`, `given_at_ms`)
);
--> statement-breakpoint
CREATE TABLE `identities` (
	`programme_id` text NOT NULL,
	`kind` text NOT NULL,
	`print` text NOT NULL,
	`member_id` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`proved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `kind`, `print`)
);
--> statement-breakpoint
CREATE INDEX `identities_by_member` ON `identities` (`programme_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `mall_channels` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `phone_codes` (
	`programme_id` text NOT NULL,
	`print` text NOT NULL,
	`code` text NOT NULL,
	`sent_at_ms` integer NOT NULL,
	`sends` integer NOT NULL,
	`window_at_ms` integer NOT NULL,
	`tries` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `print`)
);
--> statement-breakpoint
CREATE INDEX `phone_codes_by_time` ON `phone_codes` (`sent_at_ms`);--> statement-breakpoint
CREATE TABLE `used_tickets` (
	`programme_id` text NOT NULL,
	`ticket_id` text NOT NULL,
	`expires_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `ticket_id`)
);
--> statement-breakpoint
CREATE INDEX `used_tickets_by_time` ON `used_tickets` (`expires_at_ms`);