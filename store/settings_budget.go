package store

// Budget is what may be spent in a day and in a month, both of UTC.
type Budget struct {
	Day   float64 `toml:"day"`   // USD; 0 = no limit
	Month float64 `toml:"month"` // USD; 0 = no limit
	Block bool    `toml:"block"` // nothing that costs more is begun once it is used up
}

// problems checks the values that the types alone do not.
func (b Budget) problems(check func(ok bool, key, reason string)) {
	check(isCap(b.Day), "budget.day", "must be a finite number of USD, 0 or more; 0 is no limit")
	check(isCap(b.Month), "budget.month", "must be a finite number of USD, 0 or more; 0 is no limit")
	check(!b.Block || b.Day > 0 || b.Month > 0, "budget.block", "needs budget.day or budget.month above 0: without a limit nothing would be blocked")
}
