package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
)

// shrinkPNG writes a picture again with a palette of at most 256 colours, which a terminal's few colours and their
// blends at the edges of letters fit into, and as tightly as the format allows. It gives the picture as it was where
// that is not smaller.
func shrinkPNG(data []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the drawn picture: %w", err)
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&out, paletted(img)); err != nil {
		return nil, fmt.Errorf("writing the picture: %w", err)
	}
	if out.Len() >= len(data) {
		return data, nil
	}
	return out.Bytes(), nil
}

// paletted maps a picture to its most frequent colours; the others go to the nearest of them.
func paletted(img image.Image) *image.Paletted {
	bounds := img.Bounds()
	count := map[color.NRGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[nrgba(img.At(x, y))]++
		}
	}
	palette := frequent(count)
	index := make(map[color.NRGBA]uint8, len(count))
	for c := range count {
		index[c] = nearest(palette, c)
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, index[nrgba(img.At(x, y))])
		}
	}
	return out
}

func nrgba(c color.Color) color.NRGBA { return color.NRGBAModel.Convert(c).(color.NRGBA) }

// frequent chooses 256 colours. A colour joins only when none chosen before is close to it, so that rare colours
// are not crowded out by the many shades of a frequent one; the closeness grows until all fit.
func frequent(count map[color.NRGBA]int) color.Palette {
	order := make([]color.NRGBA, 0, len(count))
	for c := range count {
		order = append(order, c)
	}
	slices.SortFunc(order, func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(key(a), key(b)))
	})
	for apart := 0; ; apart = apart*2 + 8 {
		var chosen color.Palette
		for _, c := range order {
			if len(chosen) == 0 || distance(chosen[nearest(chosen, c)].(color.NRGBA), c) > apart {
				if chosen = append(chosen, c); len(chosen) > 256 {
					break
				}
			}
		}
		if len(chosen) <= 256 {
			return chosen
		}
	}
}

func key(c color.NRGBA) uint32 {
	return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A)
}

func nearest(palette color.Palette, c color.NRGBA) uint8 {
	best, at := -1, 0
	for i, p := range palette {
		if d := distance(p.(color.NRGBA), c); best < 0 || d < best {
			best, at = d, i
		}
	}
	return uint8(at)
}

// distance is the square of how far two colours lie apart.
func distance(a, b color.NRGBA) int {
	d := func(x, y uint8) int { return (int(x) - int(y)) * (int(x) - int(y)) }
	return d(a.R, b.R) + d(a.G, b.G) + d(a.B, b.B) + d(a.A, b.A)
}
