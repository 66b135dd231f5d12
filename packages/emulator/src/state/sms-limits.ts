import type { CheckedSettings } from "../settings.ts";
import type { EmulatorClock } from "./clock.ts";

/** How often a phone number may be written to (docs.cloudbase.net, phone sign-in: once in 30 s, ten times a day). */
export interface SmsLimits {
  /** Notes a message, unless one of the two limits forbids it. */
  send(phoneNumber: string): "sent" | "too soon" | "too many";
}

export type SmsSettings = Pick<CheckedSettings, "smsIntervalSeconds" | "smsPerDay">;

const dayMs = 24 * 3600 * 1000;

export function createSmsLimits(clock: EmulatorClock, { smsIntervalSeconds, smsPerDay }: SmsSettings): SmsLimits {
  const sentAt = new Map<string, readonly number[]>();

  return {
    send(phoneNumber) {
      const now = clock.now();
      const recent = (sentAt.get(phoneNumber) ?? []).filter((at) => at <= now && now - at < dayMs);
      const last = recent.at(-1);
      if (last !== undefined && now - last < smsIntervalSeconds * 1000) return "too soon";
      if (smsPerDay !== -1 && recent.length >= smsPerDay) return "too many";
      sentAt.set(phoneNumber, [...recent, now]);
      return "sent";
    },
  };
}
