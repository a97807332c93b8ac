package theme

import (
	"image/color"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

var palettes = map[string]palette{
	"dark": darkPalette(), "light": lightPalette(),
	"high contrast, dark": highContrast(darkPalette()), "high contrast, light": highContrast(lightPalette()),
}

// backgrounds are terminals as people have them, from the extreme to the least favourable.
var backgrounds = map[string][]rgb{
	"dark":  {0x000000, 0x1e1e1e, 0x002b36, 0x282c34, 0x2e3440},
	"light": {0xffffff, 0xfdf6e3, 0xeff1f5, 0xe8e4d8},
}

func init() { // the same terminals
	backgrounds["high contrast, dark"], backgrounds["high contrast, light"] = backgrounds["dark"], backgrounds["light"]
}

func TestEveryClassIsLegibleOnEveryGround(t *testing.T) {
	t.Parallel()
	for name, p := range palettes {
		for g := range groundCount {
			grounds := backgrounds[name]
			if bg, painted := p.ground(g); painted {
				grounds = []rgb{bg}
			}
			for c := range classCount {
				for _, bg := range grounds {
					if got := contrast(p.ink(g, c), bg); got < p.need {
						t.Errorf("%s: class %d on %06x has a contrast of %.2f", name, c, bg, got)
					}
				}
			}
		}
	}
}

func TestEveryStyleOfAGroupIsLegible(t *testing.T) {
	t.Parallel()
	for name, p := range palettes {
		for _, s := range []lipgloss.Style{p.upon(p.text, p.selected), p.upon(p.class[Money], p.selected), p.upon(p.text, p.button), p.upon(p.class[Dim], p.button), p.upon(p.text, p.marked), p.upon(0, p.focus), p.upon(0, p.danger)} {
			if got := contrast(back(s.GetForeground()), back(s.GetBackground())); got < p.need {
				t.Errorf("%s: %v on %v has a contrast of %.2f", name, s.GetForeground(), s.GetBackground(), got)
			}
		}
		for _, bg := range backgrounds[name] {
			// A border is no text: three is enough.
			for _, fg := range []rgb{p.border, p.class[Bad]} {
				if got := contrast(fg, bg); got < 3 {
					t.Errorf("%s: border %06x on %06x has a contrast of %.2f", name, fg, bg, got)
				}
			}
		}
	}
}

func back(c color.Color) rgb {
	r, g, b, _ := c.RGBA()
	return rgb(r>>8)<<16 | rgb(g>>8)<<8 | rgb(b>>8)
}

func TestSixteenColoursNeverHideText(t *testing.T) {
	t.Parallel()
	for name, p := range palettes {
		for _, profile := range []colorprofile.Profile{colorprofile.ANSI, colorprofile.ANSI256} {
			for g := range groundCount {
				bg, painted := p.ground(g)
				if !painted {
					continue
				}
				for c := range classCount {
					if fg := p.ink(g, c); profile.Convert(fg) == profile.Convert(bg) {
						t.Errorf("%s: class %d is invisible on ground %d with profile %v", name, c, g, profile)
					}
				}
			}
		}
	}
}

func TestGroundsDifferFromEachOther(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{true, false} {
		th := New(dark)
		seen := map[Ink]Ground{}
		for g := range groundCount {
			k := th.InkOn(g, Plain)
			if other, taken := seen[k]; taken {
				t.Errorf("dark %v: grounds %d and %d look the same", dark, g, other)
			}
			seen[k] = g
		}
	}
}

func TestPaintWrapsTextOnce(t *testing.T) {
	t.Parallel()
	k := Ink{On: "<", Off: ">"}
	if got := k.Paint("a"); got != "<a>" {
		t.Errorf("got %q", got)
	}
	if got := k.Paint(""); got != "" {
		t.Errorf("an empty text became %q", got)
	}
	if got := (Ink{}).Paint("a"); got != "a" {
		t.Errorf("the zero ink made %q", got)
	}
}

func TestPlainTextCostsNothing(t *testing.T) {
	t.Parallel()
	if k := New(true).Ink(Plain); k != (Ink{}) {
		t.Errorf("plain text is wrapped in %q and %q", k.On, k.Off)
	}
}

func TestInkIsWhatTheStyleRenders(t *testing.T) {
	t.Parallel()
	p := darkPalette()
	th := New(true)
	for g := range groundCount {
		for c := range classCount {
			if got, want := th.InkOn(g, c).Paint("RTX"), p.style(g, c.upon(g)).Render("RTX"); got != want {
				t.Errorf("ground %d class %d: ink %q, style %q", g, c, got, want)
			}
			if k := th.InkOn(g, c); k.On != "" && !strings.HasSuffix(k.Off, "m") {
				t.Errorf("ground %d class %d is not ended: %q", g, c, k.Off)
			}
		}
	}
}

func TestUnknownClassesAndGroundsAreDrawn(t *testing.T) {
	t.Parallel()
	th := New(false)
	if th.InkOn(OnSelected, classCount+3) != th.InkOn(OnSelected, Plain) {
		t.Error("an unknown class is not plain")
	}
	if th.InkOn(groundCount+3, Bad) != th.Ink(Bad) {
		t.Error("an unknown ground is not the base")
	}
}

func TestEveryLevelHasAGlyphOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, g := range New(true).Toast.Glyph {
		if g == "" || seen[g] {
			t.Errorf("glyph %q is missing or used twice", g)
		}
		seen[g] = true
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(true)
	}
}
