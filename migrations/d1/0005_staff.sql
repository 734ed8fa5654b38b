CREATE TABLE `approval_thresholds` (
	`programme_id` text NOT NULL,
	`kind` text NOT NULL,
	`from_figure` integer,
	`revision` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `kind`)
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`programme_id` text NOT NULL,
	`approval_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`subject` text NOT NULL,
	`figure` integer NOT NULL,
	`reason` text NOT NULL,
	`payload` text NOT NULL,
	`proposed_by` text NOT NULL,
	`proposed_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`decided_by` text,
	`decided_at_ms` integer,
	`note` text,
	`outcome` text,
	PRIMARY KEY(`programme_id`, `approval_id`)
);
--> statement-breakpoint
CREATE INDEX `approvals_by_state` ON `approvals` (`programme_id`,`state`,`proposed_at_ms`);--> statement-breakpoint
CREATE INDEX `approvals_by_time` ON `approvals` (`programme_id`,`proposed_at_ms`);--> statement-breakpoint
CREATE INDEX `approvals_unexecuted` ON `approvals` (`decided_at_ms`) WHERE state = 'approved';--> statement-breakpoint
CREATE TABLE `audit_log` (
	`programme_id` text NOT NULL,
	`seq` integer NOT NULL,
	`entry_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`status` integer NOT NULL,
	`entry` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`programme_id`, `seq`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_log_by_entry` ON `audit_log` (`entry_id`);--> statement-breakpoint
CREATE INDEX `audit_log_by_actor` ON `audit_log` (`programme_id`,`actor`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_log_by_action` ON `audit_log` (`programme_id`,`action`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_log_by_subject` ON `audit_log` (`programme_id`,`subject`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_log_by_time` ON `audit_log` (`programme_id`,`at_ms`);--> statement-breakpoint
CREATE TABLE `brands` (
	`merchant_id` text NOT NULL,
	`brand_id` text NOT NULL,
	`programme_id` text NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`store_may_set` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `brand_id`)
);
--> statement-breakpoint
CREATE INDEX `brands_by_programme` ON `brands` (`programme_id`);--> statement-breakpoint
CREATE TABLE `merchants` (
	`merchant_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `points_programmes` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`merchant_id` text NOT NULL,
	`name` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `points_programmes_by_merchant` ON `points_programmes` (`merchant_id`);--> statement-breakpoint
CREATE TABLE `staff_memberships` (
	`programme_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`role_ids` text NOT NULL,
	`store_ids` text,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	`joined_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `staff_id`)
);
--> statement-breakpoint
CREATE INDEX `staff_memberships_by_person` ON `staff_memberships` (`staff_id`);--> statement-breakpoint
CREATE TABLE `staff_one_time` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`programme_id` text,
	`staff_id` text,
	`body` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staff_one_time_by_programme` ON `staff_one_time` (`programme_id`,`kind`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `staff_one_time_by_expiry` ON `staff_one_time` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `staff_passkeys` (
	`credential_id` text PRIMARY KEY NOT NULL,
	`staff_id` text NOT NULL,
	`name` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`used_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `staff_passkeys_by_person` ON `staff_passkeys` (`staff_id`);--> statement-breakpoint
CREATE TABLE `staff_people` (
	`staff_id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`password_hash` text,
	`password_at_ms` integer,
	`totp_secret` text,
	`totp_step` integer,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `staff_people_by_email` ON `staff_people` (`email`);--> statement-breakpoint
CREATE TABLE `staff_policies` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`needs_second_step` integer NOT NULL,
	`revision` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `staff_recovery_codes` (
	`staff_id` text NOT NULL,
	`code_hash` text NOT NULL,
	`used_at_ms` integer,
	PRIMARY KEY(`staff_id`, `code_hash`)
);
--> statement-breakpoint
CREATE TABLE `staff_roles` (
	`programme_id` text NOT NULL,
	`role_id` text NOT NULL,
	`name` text NOT NULL,
	`permissions` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `role_id`)
);
--> statement-breakpoint
CREATE TABLE `staff_sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`programme_id` text NOT NULL,
	`method` text NOT NULL,
	`address` text NOT NULL,
	`device` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`seen_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staff_sessions_by_person` ON `staff_sessions` (`staff_id`,`created_at_ms`);--> statement-breakpoint
CREATE UNIQUE INDEX `staff_sessions_by_id` ON `staff_sessions` (`session_id`);--> statement-breakpoint
CREATE TABLE `staff_throttles` (
	`key` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`until_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `staff_throttles_by_time` ON `staff_throttles` (`updated_at_ms`);--> statement-breakpoint
CREATE TABLE `stores` (
	`programme_id` text NOT NULL,
	`store_id` text NOT NULL,
	`brand_id` text NOT NULL,
	`name` text NOT NULL,
	`address` text NOT NULL,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `store_id`)
);
--> statement-breakpoint
CREATE INDEX `stores_by_brand` ON `stores` (`programme_id`,`brand_id`);--> statement-breakpoint
CREATE TRIGGER `audit_log_no_update` BEFORE UPDATE ON `audit_log` BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_log_no_delete` BEFORE DELETE ON `audit_log` BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
