package sandbox

import (
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// serveResponseURL takes what a bot posts to a response URL.
func (a *api) serveResponseURL(rw http.ResponseWriter, r *http.Request) {
	began := time.Now()
	raw, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err == nil {
		err = a.ws.useResponseURL(r.PathValue("id"), raw)
	}
	if failed := a.ws.Save(); failed != nil {
		a.log.Error("save the sandbox's workspace", zap.Error(failed))
		err = refuse("internal_error")
	}
	e := Entry{Kind: "response", Name: "response_url", OK: err == nil, MS: millisSince(began), Detail: jsonText(raw)}
	e.setError(err)
	a.traffic.report(e)
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
