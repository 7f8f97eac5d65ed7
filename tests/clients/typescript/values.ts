// What each client sends: a value of every type, as JSON and TypeScript write it.

export const site = () => ({
  name: "Böhmische Höhle",
  opens_at: "09:30:00",
  way_there: "P14D",
});

export const specimen = (site_id: number) => ({
  number: "A-1",
  series: "Ammonites",
  nickname: "Ærø",
  position: 9999,
  inventory_number: -2147483648,
  contact: "ada@example.com",
  curator: "grace@example.com",
  website: "https://example.com/lamp?a=1&b=%20#c",
  barcode: "0194bb7e-91a0-7c3e-9d52-5f0a2c1b7e44",
  state: "2nd/3rd hand" as const,
  found_on: "2024-02-29",
  found_at: "23:59:59",
  site_id,
});

export const examination = (specimen_id: number) => ({
  specimen_id,
  remark: "Two\nlines, and an emoji: 🦀",
  summary: "a + b = c & d",
  ordinal: 2147483647,
  density: 0.1 + 0.6,
  hardness: -1.5e-300,
  weight: "99999.99",
  value: "123456789.125",
  fragile: false,
  fragments: 0,
  scanned_at: "2026-01-31T12:00:00.123456Z",
  begun_at: "1999-12-31T23:59:59Z",
  usual_time: "00:00:00",
  exposure: "P1DT2H3M4.000005S",
  batch: "ffffffff-ffff-4fff-bfff-ffffffffffff",
  properties: { "": null, deep: [1, [true, { a: "b" }]], text: "x" },
});

export const loan = (specimen_id: number, site_id: number) => ({
  code: null,
  borrower: "Ada",
  purpose: "v1.2" as const,
  terms: { days: 14 },
  abroad: true,
  days: 365,
  insured_for: "1000000.00",
  specimen_ids: [specimen_id],
  venue_ids: [site_id],
});

export const visit = (site_id: number) => ({
  contact: "linus@example.com",
  begins_at: "2026-06-01T08:00:00Z",
  site_id,
});

export const defaults = {
  title: "A visit to the museum",
  remark: "",
  persons: 2,
  hours: 1.5,
  price: "12.50",
  deposit: "5.000",
  guided: true,
  paid: false,
  status: "Booked & paid" as const,
};

export const exhibition = () => ({
  title: "Stones",
  opens_on: "2026-01-01",
  closes_on: "2026-12-31",
  state: "called-off" as const,
  reason: "The roof",
});

export const examinations = {
  ordinal__in: [2147483647, 1],
  density__gte: 0.7,
  value: "123456789.125",
  fragile: false,
  scanned_at__gte: "2026-01-31T12:00:00.123456Z",
  scanned_at__lt: "2026-02-01T00:00:00+01:00",
  usual_time: "00:00:00",
  exposure__gte: "P1DT2H",
  batch__in: ["ffffffff-ffff-4fff-bfff-ffffffffffff"],
  sort: "-value,ordinal",
  limit: 1,
};

export const specimens = {
  state__in: ["2nd/3rd hand" as const, "A+" as const],
  nickname__contains: "ÆR",
  found_on__gte: "2024-02-29",
  contact: "ada@example.com",
  website: "https://example.com/lamp?a=1&b=%20#c",
};

export const loans = (specimen_id: number) => ({
  specimen_id,
  code__isnull: true,
  purpose__ne: "At home" as const,
});
