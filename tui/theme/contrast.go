package theme

import (
	"image/color"
	"math"
)

// The contrast that text needs (WCAG 2): level AA, and AAA for themes of high contrast.
const (
	readable = 4.5
	striking = 7
)

// rgb is a colour as 0xRRGGBB.
type rgb uint32

// RGBA implements color.Color.
func (c rgb) RGBA() (r, g, b, a uint32) {
	return color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}.RGBA()
}

// luminance is WCAG's relative luminance, 0 to 1.
func (c rgb) luminance() float64 {
	channel := func(v rgb) float64 {
		s := float64(v&0xff) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c>>16) + 0.7152*channel(c>>8) + 0.0722*channel(c)
}

// contrast is WCAG's contrast of two colours, 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// towards mixes c with part (0 to 1) of d.
func (c rgb) towards(d rgb, part float64) rgb {
	mix := func(shift uint) rgb {
		x, y := float64(c>>shift&0xff), float64(d>>shift&0xff)
		return rgb(math.Round(x+(y-x)*part)) << shift
	}
	return mix(16) | mix(8) | mix(0)
}

// legible returns fg, moved towards white or black no further than a contrast of need on ground takes.
func legible(fg, ground rgb, need float64) rgb {
	const steps = 20
	end := rgb(0xffffff)
	if contrast(0x000000, ground) > contrast(end, ground) {
		end = 0x000000
	}
	for i := range steps {
		if c := fg.towards(end, float64(i)/steps); contrast(c, ground) >= need {
			return c
		}
	}
	return end
}
