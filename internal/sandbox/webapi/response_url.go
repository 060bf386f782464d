package webapi

import (
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/traffic"
)

// ServeResponseURL takes what a bot posts to a response URL.
func (a *API) ServeResponseURL(rw http.ResponseWriter, r *http.Request) {
	began := time.Now()
	raw, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err == nil {
		err = a.ws.UseResponseURL(r.PathValue("id"), raw)
	}
	if failed := a.ws.Save(); failed != nil {
		a.log.Error("save the sandbox's workspace", zap.Error(failed))
		err = refusal.New("internal_error")
	}
	e := traffic.Entry{Kind: "response", Name: "response_url", OK: err == nil, MS: traffic.MillisSince(began), Detail: jsonText(raw)}
	traffic.SetError(&e, err)
	a.traffic.Report(e)
	switch e.Error {
	case "":
		_, _ = rw.Write([]byte("ok"))
	case "used_url", "expired_url":
		http.Error(rw, e.Error, http.StatusNotFound)
	case "internal_error":
		http.Error(rw, e.Error, http.StatusInternalServerError)
	default:
		http.Error(rw, e.Error, http.StatusBadRequest)
	}
}
