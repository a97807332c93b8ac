package rental

import "testing"

// BenchmarkPlanRent is a plan with every field filled in, as it is worked out at
// each change of a form and for each candidate of a fleet.
func BenchmarkPlanRent(b *testing.B) {
	o, opt := everything()
	d := fixed()
	opt.Template = someTemplate()
	for b.Loop() {
		if _, err := PlanRent(o, noon, opt, d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkValidate is what a form does at every key.
func BenchmarkValidate(b *testing.B) {
	o, opt := everything()
	for b.Loop() {
		if problems := opt.Validate(&o); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
