CREATE TABLE `day_figures` (
	`programme_id` text NOT NULL,
	`day` integer NOT NULL,
	`type` text NOT NULL,
	`entries` integer NOT NULL,
	`points` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `day`, `type`)
);
--> statement-breakpoint
CREATE TABLE `digest_marks` (
	`name` text PRIMARY KEY NOT NULL,
	`mark` integer NOT NULL,
	`stamp` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `goods_day_figures` (
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`day` integer NOT NULL,
	`orders` integer NOT NULL,
	`units` integer NOT NULL,
	`points` integer NOT NULL,
	`returned` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `sku_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `goods_figures` (
	`programme_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`day` integer NOT NULL,
	`units_30` integer NOT NULL,
	`points_30` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `sku_id`)
);
--> statement-breakpoint
CREATE INDEX `goods_figures_hot` ON `goods_figures` (`programme_id`,`units_30`);--> statement-breakpoint
CREATE INDEX `goods_figures_to_roll` ON `goods_figures` (`day`) WHERE units_30 <> 0;--> statement-breakpoint
CREATE TABLE `slow_figures` (
	`programme_id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `members` (
	`programme_id` text NOT NULL,
	`member_id` text NOT NULL,
	`display_name` text DEFAULT '' NOT NULL,
	`phone_sealed` text,
	`phone_tail` text,
	`first_seen_at_ms` integer NOT NULL,
	`blocked_at_ms` integer,
	`block_reason` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`version` integer DEFAULT 0 NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`active` integer DEFAULT 0 NOT NULL,
	`pending` integer DEFAULT 0 NOT NULL,
	`tier_id` text,
	`next_expires_at_ms` integer,
	`next_expiring` integer DEFAULT 0 NOT NULL,
	`last_active_at_ms` integer NOT NULL,
	`last_redeemed_at_ms` integer,
	`last_purchase_at_ms` integer,
	`last_store_id` text,
	`earned_points` integer DEFAULT 0 NOT NULL,
	`spent_points` integer DEFAULT 0 NOT NULL,
	`month` integer DEFAULT 0 NOT NULL,
	`purchases_0` integer DEFAULT 0 NOT NULL,
	`purchases_1` integer DEFAULT 0 NOT NULL,
	`purchases_2` integer DEFAULT 0 NOT NULL,
	`frequency` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`programme_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `members_by_activity` ON `members` (`programme_id`,`last_active_at_ms`,`member_id`);--> statement-breakpoint
CREATE INDEX `members_by_first_seen` ON `members` (`programme_id`,`first_seen_at_ms`,`member_id`);--> statement-breakpoint
CREATE INDEX `members_by_balance` ON `members` (`programme_id`,`active`,`member_id`);--> statement-breakpoint
CREATE INDEX `members_by_frequency` ON `members` (`programme_id`,`frequency`,`member_id`);--> statement-breakpoint
CREATE INDEX `members_by_tier` ON `members` (`programme_id`,`tier_id`,`last_active_at_ms`,`member_id`);--> statement-breakpoint
CREATE INDEX `members_by_name` ON `members` (`programme_id`,`display_name`,`member_id`) WHERE display_name <> '';--> statement-breakpoint
CREATE INDEX `members_by_phone_tail` ON `members` (`programme_id`,`phone_tail`,`member_id`) WHERE phone_tail IS NOT NULL;--> statement-breakpoint
CREATE INDEX `members_blocked` ON `members` (`programme_id`,`blocked_at_ms`,`member_id`) WHERE blocked_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `members_redeemed` ON `members` (`programme_id`,`last_redeemed_at_ms`) WHERE last_redeemed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `members_expiring` ON `members` (`programme_id`,`next_expires_at_ms`,`next_expiring`) WHERE next_expires_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `members_to_roll` ON `members` (`month`) WHERE frequency > 0;--> statement-breakpoint
CREATE TABLE `labels` (
	`programme_id` text NOT NULL,
	`label_id` text NOT NULL,
	`name` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `label_id`)
);
--> statement-breakpoint
CREATE TABLE `member_labels` (
	`programme_id` text NOT NULL,
	`label_id` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `label_id`, `member_id`)
);
--> statement-breakpoint
CREATE INDEX `member_labels_by_member` ON `member_labels` (`programme_id`,`member_id`);--> statement-breakpoint
CREATE TABLE `segment_members` (
	`programme_id` text NOT NULL,
	`segment_id` text NOT NULL,
	`round` integer NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`programme_id`, `segment_id`, `round`, `member_id`)
);
--> statement-breakpoint
CREATE TABLE `segments` (
	`programme_id` text NOT NULL,
	`segment_id` text NOT NULL,
	`name` text NOT NULL,
	`rule` text NOT NULL,
	`version` integer NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	`round` integer NOT NULL,
	`size` integer NOT NULL,
	`counted_at_ms` integer,
	`next_round` integer,
	`reached` text NOT NULL,
	`next_size` integer NOT NULL,
	`basis` text,
	PRIMARY KEY(`programme_id`, `segment_id`)
);
--> statement-breakpoint
CREATE INDEX `segments_counting` ON `segments` (`next_round`);--> statement-breakpoint
CREATE INDEX `sales_by_shelf` ON `sales` (`programme_id`,`kind`,`status`,`shelf`);