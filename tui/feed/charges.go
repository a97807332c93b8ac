package feed

import (
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// ChargedDays is how many days of charges are read and kept, that of today included.
const ChargedDays = 30

// How old charges may be before they are read again.
const (
	EveryCharges = 15 * time.Minute // of a day that is not over
	settling     = 2 * time.Hour    // after its end a day's charges may still change
)

// Charged is what one contract was charged for in a day.
type Charged struct {
	Instance vastapi.InstanceID // 0 = it is none
	Volume   vastapi.VolumeID   // 0 = it is none
	Label    safetext.Text
	Spending pricing.Spending
}

// ChargedOf makes one row for each contract of what was charged.
func ChargedOf(list []vastapi.Charge) []Charged {
	type contract struct {
		i vastapi.InstanceID
		v vastapi.VolumeID
	}
	at := make(map[contract]int, len(list))
	out := make([]Charged, 0, len(list))
	for n := range list {
		c := &list[n]
		key := contract{c.Instance, c.Volume}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, Charged{Instance: c.Instance, Volume: c.Volume, Label: c.Label})
		}
		out[i].Spending = out[i].Spending.And(pricing.SpendingOf(*c))
	}
	return out
}

// ChargeDay is what was charged in one day of UTC.
type ChargeDay struct {
	Day  time.Time // its first moment
	At   time.Time // when it was read
	List []Charged
	Sum  pricing.Spending
	Cut  bool // there was more than is read in one go
}

// DayOf is the first moment of the day of UTC that t is in.
func DayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// MonthOf is the first moment of the month of UTC that t is in.
func MonthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// due reports whether the day has to be read again: it was not over when it was
// read, or so shortly before that its charges could still change.
func (d ChargeDay) due(now time.Time) bool {
	return d.At.Before(d.Day.Add(24*time.Hour+settling)) && now.Sub(d.At) >= EveryCharges
}

// Charges are what was charged by the day, as far as it was read. They are replaced
// whole, never changed in place.
type Charges struct {
	Days  []ChargeDay // the newest first, at most ChargedDays
	Err   error       // why the last reading brought nothing
	Since time.Time   // when it did not
	Rev   int         // grows with every day that is read
}

// With is c with a day that was read.
func (c Charges) With(d ChargeDay) Charges {
	days := slices.DeleteFunc(slices.Clone(c.Days), func(o ChargeDay) bool { return o.Day.Equal(d.Day) })
	days = append(days, d)
	slices.SortFunc(days, func(a, b ChargeDay) int { return b.Day.Compare(a.Day) })
	return Charges{Days: days[:min(len(days), ChargedDays)], Rev: c.Rev + 1}
}

// Failed is c after a reading that brought nothing.
func (c Charges) Failed(err error, at time.Time) Charges {
	c.Err, c.Since = err, at
	return c
}

// Day is what was charged in a day, false when it was not read.
func (c Charges) Day(day time.Time) (ChargeDay, bool) {
	for _, d := range c.Days {
		if d.Day.Equal(day) {
			return d, true
		}
	}
	return ChargeDay{}, false
}

// Next is the day that is to be read next, the newest first; false = all there is to
// show is here and fresh enough.
func (c Charges) Next(now time.Time) (day time.Time, ok bool) {
	for n := range ChargedDays {
		day = DayOf(now).AddDate(0, 0, -n)
		if d, here := c.Day(day); !here || d.due(now) {
			return day, true
		}
	}
	return time.Time{}, false
}

// Missing is how many of the days that are shown have not been read yet.
func (c Charges) Missing(now time.Time) int {
	n := 0
	for i := range ChargedDays {
		if _, here := c.Day(DayOf(now).AddDate(0, 0, -i)); !here {
			n++
		}
	}
	return n
}

// Invoices is the money that came and went in pieces, the newest first.
type Invoices struct {
	List []vastapi.Invoice
	From time.Time // of the time that was asked for
	Cut  bool      // there was more than is read in one go
}

// Spent is what was charged today and in this month, as it was read.
type Spent struct {
	Day, Month   vastapi.Amount
	DayOf, Since time.Time // the first moments of that day and that month
}

// SpentBy is what was spent today and in this month, in UTC; both are unknown until the
// charges and the instances have been read.
func (s *Snapshot) SpentBy(now time.Time) (day, month vastapi.Amount) {
	if !s.Spent.Told() || !s.Instances.Told() {
		return vastapi.Unknown[vastapi.Amount](), vastapi.Unknown[vastapi.Amount]()
	}
	return s.Spent.Value.Counted(s.Spent.At, now, s.Burn.AtLeast)
}

// Counted is what was spent today and in this month by now: what was charged, and
// since then what the account is billed. A day or a month that has begun since then
// is all estimate.
func (s Spent) Counted(at, now time.Time, burn vastapi.Rate) (day, month vastapi.Amount) {
	count := func(charged vastapi.Amount, of, begins time.Time) vastapi.Amount {
		if begins.After(of) {
			return pricing.Counted(0, burn, now.Sub(begins))
		}
		return pricing.Counted(charged, burn, now.Sub(at))
	}
	return count(s.Day, s.DayOf, DayOf(now)), count(s.Month, s.Since, MonthOf(now))
}
