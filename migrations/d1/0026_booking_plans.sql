CREATE TABLE `booking_plans` (
	`programme_id` text NOT NULL,
	`store_id` text NOT NULL,
	`sku_id` text NOT NULL,
	`body` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at_ms` integer NOT NULL,
	PRIMARY KEY(`programme_id`, `store_id`, `sku_id`)
);
--> statement-breakpoint
ALTER TABLE `vouchers` ADD `booked_until_ms` integer;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `booked_plan` text;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `bookings_made` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `vouchers` ADD `booked_uses_left` integer;