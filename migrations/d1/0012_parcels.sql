CREATE INDEX `orders_by_time` ON `orders` (`programme_id`,`granted_at_ms`);--> statement-breakpoint
CREATE INDEX `shipments_half_sent` ON `shipments` (`sent_at_ms`) WHERE state = 'preparing';--> statement-breakpoint
CREATE INDEX `shipments_signed` ON `shipments` (`signed_at_ms`) WHERE signed_at_ms IS NOT NULL;--> statement-breakpoint
CREATE INDEX `top_ups_by_state` ON `top_ups` (`programme_id`,`state`,`updated_at_ms`);--> statement-breakpoint
CREATE INDEX `vouchers_untold` ON `vouchers` (`programme_id`) WHERE state = 'used_up' AND is_order_told = 0;--> statement-breakpoint
CREATE INDEX `vouchers_by_member` ON `vouchers` (`programme_id`,`member_id`,`created_at_ms`);