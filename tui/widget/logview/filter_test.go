package logview

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestExpressionsMatchAsTheyWouldAlone compares with the expression alone: what is looked for first hides nothing.
func TestExpressionsMatchAsTheyWouldAlone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	parts := []string{"ab", "ba", "a", "B", ".", ".*", "(ab|ba)", "(ab|b)", "(ab)?", "(ba)+", "(ab){0,2}", "(ba){2}", "[ab]b", "|", "^", "$", "É", "éa", "(ab|ba|aab)b"}
	letters := []rune("aAbBéÉ")
	filters := 0
	for range 3000 {
		var expr strings.Builder
		for range 1 + r.IntN(4) {
			expr.WriteString(parts[r.IntN(len(parts))])
		}
		alone, err := regexp.Compile("(?i)" + expr.String())
		if err != nil {
			continue
		}
		f := newFilter("/" + expr.String() + "/")
		if len(f.terms) != 1 || f.wrong != "" || f.terms[0].expr == nil {
			t.Fatalf("/%s/ is not understood: %s", expr.String(), f.wrong)
		}
		if len(f.terms[0].need) > 0 {
			filters++
		}
		for range 20 {
			var line strings.Builder
			for range r.IntN(8) {
				line.WriteRune(letters[r.IntN(len(letters))])
			}
			rec := newRecord(0, line.String(), noTime)
			if ok, cost := f.shows(&rec); ok != alone.MatchString(rec.text) || cost <= 0 {
				t.Fatalf("/%s/ on %q: %v", expr.String(), rec.text, ok)
			}
		}
	}
	if filters < 500 {
		t.Errorf("only %d expressions had a text to look for", filters)
	}
}
