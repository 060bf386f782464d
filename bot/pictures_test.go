package bot_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"muster/internal/sandbox/sandboxtest"
)

var pictures = flag.String("pictures", "", "folder to save screenshots in, for the documentation")

// TestPictures takes the documentation's pictures, of one incident:
//
//	go test ./bot -run TestPictures -pictures ../docs/images
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("pictures are taken with -pictures DIR")
	}
	ctx := newBrowser(t, 1200, 760)
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	take := func(name string, actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, append(actions, shot(name))...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	open := func(place string) chromedp.Action[chromedp.Void] {
		return chromedp.Navigate(w.workspace.URL() + "/" + place)
	}
	take("declare",
		chromedp.EmulateViewport(1200, 760),
		open("C0GENERAL1?as=oncall"),
		chromedp.WaitVisible(chromedp.CSS("#bot.on")),
		chromedp.SendKeys(chromedp.CSS("#composer"), "/incident"), button("main", "Send"),
		focused(field("title")),
		chromedp.SendKeys(field("title"), "Payments fail at checkout"),
		chromedp.SetValue(field("severity"), "P0"),
		chromedp.SendKeys(field("impact"), "Nobody can pay by card; PayPal works."),
	)
	w.Submit(oncall, sandboxtest.Fields{"title": "Payments fail at checkout", "severity": "P0", "impact": "Nobody can pay by card; PayPal works."})
	w.CloseView(oncall)
	c := w.Channel("inc-1-payments").ID
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.Join(senior, c)
	w.Command(oncall, c, "/incident ack")
	w.Command(oncall, c, "/incident update identified The card processor refuses our certificate")
	update := w.ExpectMessage(c, "UPDATE: P0").TS
	w.Reply(senior, c, update, "It ran out at noon. I have a new one.")
	w.Reply(oncall, c, update, "@senior thank you, please roll it out")
	w.React(senior, c, update, "eyes")

	here := c + "?as=U0ONCALL01"
	settled := until(`document.querySelector("#due").textContent.startsWith("update reminder")`)
	toCard := until(`(document.querySelector("#messages article.is-pinned").scrollIntoView(), true)`)
	take("sandbox", open(here), until(`document.querySelector("#messages article.is-pinned").textContent.includes("Identified")`), settled, toCard)
	take("thread", open(here+"&thread="+update), until(`document.querySelectorAll("#thread-log article").length === 3`))
	w.AddFault(sandboxtest.Fault{Kind: "http_503", Method: "chat.postMessage"})
	w.AddFault(sandboxtest.Fault{Kind: "envelope_late", Share: 0.2})
	w.Command(oncall, c, "/incident update monitoring The new certificate is out")
	w.Await("the update to be posted in spite of it", func() bool { return w.CountMessages(c, "UPDATE: P0") == 2 })
	take("traffic", open(here+"&traffic=1"), settled)
	w.ClearFaults()
	take("dark", scheme("dark"), open(here), settled, sees("Monitoring"))
	take("narrow", scheme("light"), chromedp.EmulateViewport(390, 760), open(here), settled, toCard)
}

// shot saves what the browser shows.
func shot(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		raw, err := chromedp.CaptureScreenshot()(ctx, target)
		if err != nil {
			return fmt.Errorf("take the picture: %w", err)
		}
		taken, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			return fmt.Errorf("read the picture: %w", err)
		}
		var file bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, fewer(taken)); err != nil {
			return fmt.Errorf("write the picture: %w", err)
		}
		return os.WriteFile(filepath.Join(*pictures, name+".png"), file.Bytes(), 0o600)
	})
}

// fewer keeps of a picture's colours the most frequent, which a page has few of:
// that makes its file a third as large.
func fewer(picture image.Image) image.Image {
	const most = 256
	times := map[color.Color]int{}
	area := picture.Bounds()
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			times[picture.At(x, y)]++
		}
	}
	colours := slices.Collect(maps.Keys(times))
	slices.SortFunc(colours, func(a, b color.Color) int { return times[b] - times[a] })
	small := image.NewPaletted(area, colours[:min(most, len(colours))])
	draw.Draw(small, area, picture, area.Min, draw.Src)
	return small
}

// scheme sets the browser to light or dark.
func scheme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		set := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, set)
		return err
	})
}
