package costs

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// onlyInstances is the answer about instances without the one about volumes.
func (s *stage) onlyInstances(list []vastapi.Instance) {
	msg := command.InstancesLoaded{Answer: command.Answer{At: s.now}, Page: vastapi.InstancePage{Instances: list, Total: len(list)}}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
}

func (s *stage) volumesFailed() {
	msg := command.VolumesLoaded{Answer: command.Answer{Err: errBroken, At: s.now}}
	msg.Fold(s.data)
	s.m.Update(s.env(), msg)
}

func TestATotalWithoutVolumesIsNoTotal(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onlyInstances(some())
	s.has("without the volumes, not read yet", "≥ $")
	s.load(some(), volume(7, "data"))
	s.lacks("not read yet", "≥")
}

func TestNothingIsBilledIsSaidOnlyWhenAllWasRead(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.onlyInstances(nil)
	s.has("the volumes have not been read yet")
	s.lacks("no instance, no bid and no volume")
	if why := s.reason("E"); why != "nothing is billed of what has been read" {
		t.Errorf("nothing can be explained because %q", why)
	}
	s.volumesFailed()
	s.has(errBroken.Error(), "the volumes have not been read yet")
	s.lacks("no instance, no bid and no volume")
	s = newStage(t).load(nil)
	s.has("no instance, no bid and no volume")
	s.volumesFailed()
	s.has("Nothing was billed when it was last read")
	s.lacks("no instance, no bid and no volume")
}

func TestZeroIsCountedFromTheReadingWhereverItIsShown(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.credit(40)
	s.now = s.now.Add(7 * time.Minute)
	span := lasting(s.env())
	want := span.Zero(s.data.User.At).Local().Format("Mon Jan 2 2006 15:04 MST")
	if got := zeroText(s.env(), span); got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	s.press("h")
	s.has("zero on " + want)
	s.press("esc", "enter")
	s.size = view.Size{W: 200, H: 50}
	s.has(want)
}

func TestUsedUpCreditHasNoZeroAhead(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.credit(0.5)
	env := s.env()
	env.Desk.Credit = -0.24
	if n := len(s.m.creditChart(env, noon.AddDate(0, 0, -7), time.Time{}).Series); n != 1 {
		t.Errorf("the chart has %d series", n)
	}
	s.press("h")
	text := ansi.Strip(s.m.Draw(env, s.size).Body)
	if !strings.Contains(text, "it is used up") || strings.Contains(text, "zero on") {
		t.Errorf("it says %q", text)
	}
}

func TestExplainedProductsComeOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	i := running(101, "eval")
	i.DphBase, i.StorageCost, i.Disk = 0.94, 0.1, 80
	i.DphTotal, i.BilledNow = 0.9511111, 0.9511111
	s.load([]vastapi.Instance{i})
	r := s.m.plain[0]
	if e := s.m.explain(s.env(), r, 0); e.formula != "GPUs $0.940000/h + disk $0.011111/h" {
		t.Errorf("now is %+v", e)
	}
	if e := s.m.explain(s.env(), r, 4); e.value != "$684.80" || e.formula != "$0.951111/h × 720 h" {
		t.Errorf("a month is %+v", e)
	}
	i.BilledNow = 0.5 // another figure than its parts come to
	s.load([]vastapi.Instance{i})
	if e := s.m.explain(s.env(), s.m.plain[0], 0); e.formula != "as the server tells it" {
		t.Errorf("now is %+v", e)
	}
}

func TestADifferenceOfNothingHasNoSign(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{-0.04: "0.0%", 0.04: "0.0%", 0: "0.0%", -0.06: "-0.1%", 5: "+5.0%"} {
		if got := percent(v); got != want {
			t.Errorf("%v is %q", v, got)
		}
	}
}

func TestChargesOfOtherDaysThanTheEstimateAreLeftOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.load([]vastapi.Instance{running(101, "a")})
	s.charge(0, gpu(101, "a", 1, 0, 0, 0)).charge(1, gpu(101, "a", 2, 0, 0, 0)).charge(3, gpu(101, "a", 100, 0, 0, 0))
	s.m.seen = seen{-1, -1, -1}
	s.m.load(s.env())
	if got := s.m.plain[0].charged.Total(); got != 3 || s.m.agreed[0].charged != 3 {
		t.Errorf("charged are %v and %v", got, s.m.agreed[0].charged)
	}
}

func TestComparisonNamesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	s := charged(t)
	s.size = view.Size{W: 180, H: 24}
	s.press("t") // five days of 0.30 traffic, and of 1.00 for what is gone
	s.has("besides $1.50 for traffic, $5.00 for what has no estimate")
}

func TestQueryReckonsWithTheMonthThatIsShown(t *testing.T) {
	t.Parallel()
	s := full(t)
	s.press("/")
	s.text("month>580")
	s.press("enter")
	s.lacks("$576.00")
	before := s.m.table.Shown()
	s.press("p")
	s.has("$584.00")
	if got := s.m.table.Shown(); got <= before {
		t.Errorf("%d rows are shown, %d before", got, before)
	}
}

func TestExportIsStampedWithTheReading(t *testing.T) {
	t.Parallel()
	s := full(t)
	read := s.now
	s.now = s.now.Add(time.Hour)
	sheet := billedTable(s.m.plain, pricing.MonthHours)
	if got := sheet.Rows[0][len(sheet.Columns)-1]; got != stamp(read) {
		t.Errorf("it says %v, read at %v", got, stamp(read))
	}
}

func TestTheTimeOfChargesIsThatOfTheirDays(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.now = s.now.In(time.FixedZone("far", 5*3600+1800))
	s.load(some())
	s.charge(0, gpu(101, "a", 1, 0, 0, 0))
	s.press("t")
	s.has("Mar 10 to Mar 10 12:00 UTC")
	s.lacks("17:30")
}
