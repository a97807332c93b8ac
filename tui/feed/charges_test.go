package feed

import (
	"errors"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

var tenth = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func TestChargesOfOneContractAreOneRow(t *testing.T) {
	t.Parallel()
	list := ChargedOf([]vastapi.Charge{{Instance: 7, Amount: 1}, {Volume: 7, Amount: 2}, {Instance: 7, Amount: 3}, {Amount: 4}})
	if len(list) != 3 || list[0].Spending.Total() != 4 || list[1].Spending.Total() != 2 || list[2].Spending.Total() != 4 {
		t.Errorf("they are %+v", list)
	}
}

func TestDaysAreKeptNewestFirstAndReadAgainUntilTheyAreSettled(t *testing.T) {
	t.Parallel()
	day := DayOf(tenth)
	var c Charges
	c = c.With(ChargeDay{Day: day.AddDate(0, 0, -1), At: day.Add(time.Hour), Sum: pricing.Spending{GPU: 1}})
	c = c.With(ChargeDay{Day: day, At: tenth})
	if next, _ := c.Next(tenth); !next.Equal(day.AddDate(0, 0, -1)) {
		t.Errorf("a day read an hour after its end is final: next is %v", next)
	}
	before := c
	c = c.With(ChargeDay{Day: day.AddDate(0, 0, -1), At: tenth, Sum: pricing.Spending{GPU: 2}})
	if d, _ := before.Day(day.AddDate(0, 0, -1)); d.Sum.GPU != 1 || len(c.Days) != 2 || !c.Days[0].Day.Equal(day) || c.Rev != 3 {
		t.Errorf("%+v, before %+v", c, before)
	}
	if next, _ := c.Next(tenth); !next.Equal(day.AddDate(0, 0, -2)) || c.Missing(tenth) != ChargedDays-2 {
		t.Errorf("next is %v, %d are missing", next, c.Missing(tenth))
	}
	failed := c.Failed(errors.New("no"), tenth)
	if failed.Err == nil || len(failed.Days) != 2 || failed.With(ChargeDay{Day: day, At: tenth}).Err != nil {
		t.Errorf("a failure: %+v", failed)
	}
}

func TestSpentCountsTheEstimateSinceAndBeginsAnewWithADay(t *testing.T) {
	t.Parallel()
	s := Spent{Day: 10, Month: 100, DayOf: DayOf(tenth), Since: MonthOf(tenth)}
	for _, c := range []struct {
		after      time.Duration
		day, month vastapi.Amount
	}{{0, 10, 100}, {time.Hour, 12, 102}, {13 * time.Hour, 2, 126}, {22 * 24 * time.Hour, 24, 24}} {
		if day, month := s.Counted(tenth, tenth.Add(c.after), 2); day != c.day || month != c.month {
			t.Errorf("after %v: %v and %v, want %v and %v", c.after, day, month, c.day, c.month)
		}
	}
}
