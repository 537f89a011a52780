package dev.apikeys.servlet;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer before it is written. */
record Reply(int status, ObjectNode body) {}
