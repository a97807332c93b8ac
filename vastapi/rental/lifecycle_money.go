package rental

import (
	"fmt"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// destroyMoney says what destroying i does to the bill. What is not billed yet is
// avoided, not saved.
func destroyMoney(i *vastapi.Instance) string {
	now, will := pricing.Now(i), pricing.Will(i)
	switch {
	case !vastapi.Known(will):
		return "what it costs is not known"
	case notYet(now, will):
		return "avoids " + pricing.Shown(will)
	}
	return "saves " + pricing.Shown(will)
}

// stopMoney says what stopping i does to the bill.
func stopMoney(i *vastapi.Instance) string {
	now, will := pricing.Now(i), pricing.Will(i)
	then := will + pricing.Stopping(i)
	switch {
	case pricing.Shown(will) == pricing.Shown(then):
		return fmt.Sprintf("stays at %s for the disk", pricing.Shown(then))
	case notYet(now, will) && pricing.Shown(now) == pricing.Shown(then):
		return fmt.Sprintf("would rise to %s, stays at %s for the disk", pricing.Shown(will), pricing.Shown(then))
	case notYet(now, will):
		return fmt.Sprintf("would rise to %s, comes to %s for the disk instead", pricing.Shown(will), pricing.Shown(then))
	}
	return fmt.Sprintf("%s falls to %s for the disk", pricing.Shown(will), pricing.Shown(then))
}

// startMoney says what starting i does to the bill.
func startMoney(i *vastapi.Instance) string {
	now, will, running := pricing.Now(i), pricing.Will(i), pricing.Running(i).Total()
	if pricing.Shown(now) == pricing.Shown(running) && pricing.Shown(will) != pricing.Shown(now) {
		return fmt.Sprintf("would fall to %s, stays at %s", pricing.Shown(will), pricing.Shown(running))
	}
	return fmt.Sprintf("%s rises to %s", pricing.Shown(now), pricing.Shown(running))
}

// notYet reports whether what will be billed is more than what is billed now, as
// far as can be seen; an unknown rate of now, as of a machine without a sign of
// life, counts as billed.
func notYet(now, will vastapi.Rate) bool {
	return will > now && pricing.Shown(will) != pricing.Shown(now)
}
