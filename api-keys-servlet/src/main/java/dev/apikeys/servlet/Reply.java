package dev.apikeys.servlet;

import com.fasterxml.jackson.databind.JsonNode;

/** An answer before it is written. */
record Reply(int status, JsonNode body) {}
