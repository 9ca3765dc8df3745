# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One page to be looked at closely: fit, 100 %, 200 %, zoom at the mouse, frames around what was found.

Apart from the inspector because comparing two versions needs two of them that move together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

from digitizer_desk.dossier.finding import Region
from digitizer_desk.ui.widgets.picture import Picture

_STEP = 1.25
_MARGIN = 12.0
_LARGEST = 8.0


class Zoom(Enum):
    """How the size was chosen: ``FIT`` follows the window, ``FREE`` is any other factor."""

    FIT = 0.0
    FULL = 1.0
    DOUBLE = 2.0
    FREE = -1.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on the page to be framed, with the word written above it."""

    region: Region
    words: str
    colour: QColor


@dataclass(frozen=True, slots=True)
class Look:
    """Where a view looks, in terms another page of another size can follow.

    ``times_fit`` is the zoom as a multiple of the fitting one; ``x`` and ``y`` the point in the middle of the view in
    fractions of the page as shown.
    """

    zoom: Zoom
    times_fit: float
    x: float
    y: float


class _PageItem(QGraphicsItem):
    """The page: paints only the part asked for, from the level that is just large enough."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._picture = picture
        self._pixmaps: dict[int, QPixmap] = {}
        size = picture.size
        self._rect = QRectF(0, 0, size.width(), size.height())
        self.setTransformOriginPoint(self._rect.center())
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        level = self._picture.level_for(option.levelOfDetailFromTransform(painter.worldTransform()) * ratio)
        pixmap = self._pixmaps.get(level)
        if pixmap is None:
            pixmap = self._pixmaps[level] = QPixmap.fromImage(self._picture.levels[level])
        part = option.exposedRect.intersected(self._rect)
        across, down = pixmap.width() / self._rect.width(), pixmap.height() / self._rect.height()
        source = QRectF(part.x() * across, part.y() * down, part.width() * across, part.height() * down)
        painter.drawPixmap(part, pixmap, source)


class _FrameItem(QGraphicsItem):
    """A rectangle of constant line width and its word, both upright and of one size at every zoom."""

    def __init__(self, rect: QRectF, frame: Frame, font: QFont, turn: int, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._rect = rect
        self._frame = frame
        label = _LabelItem(frame, font, self)
        corner = {0: rect.topLeft(), 90: rect.bottomLeft(), 180: rect.bottomRight(), 270: rect.topRight()}
        label.setPos(corner.get(turn, rect.topLeft()))
        label.setRotation(-turn)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        pen = QPen(self._frame.colour, 3)
        pen.setCosmetic(True)
        tint = QColor(self._frame.colour)
        tint.setAlpha(24)
        painter.setPen(pen)
        painter.setBrush(QBrush(tint))
        painter.drawRect(self._rect)


class _LabelItem(QGraphicsItem):
    def __init__(self, frame: Frame, font: QFont, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self._frame = frame
        self._font = font
        metrics = QFontMetricsF(font)
        height = metrics.height() + 4
        self._rect = QRectF(-1.5, -height, metrics.horizontalAdvance(frame.words) + 14, height)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.fillRect(self._rect, self._frame.colour)
        painter.setFont(self._font)
        painter.setPen(QColor("white" if self._frame.colour.lightnessF() < 0.6 else "black"))
        painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, self._frame.words)


class PageView(QGraphicsView):
    """Shows one page; words instead of it while it is opened or when it cannot be.

    Signals:
        looked(Look): the zoom or the place changed by the person in front of it (not by ``follow``).
    """

    looked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._page: _PageItem | None = None
        self._zoom = Zoom.FIT
        self._words = ""
        self._following = False
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(200, 200)
        self.setBackgroundBrush(self.palette().mid())
        self.setAccessibleName("Ảnh trang")
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._tell)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_words(self, words: str) -> None:
        """Show a sentence in place of a page."""
        self._clear()
        self._words = words
        self.setAccessibleDescription(words)
        self.viewport().update()

    def show_picture(self, picture: Picture, turn: int = 0, frames: tuple[Frame, ...] = (), name: str = "") -> None:
        """Show a page turned clockwise by ``turn`` degrees. The zoom chosen before is kept."""
        self._clear()
        self._page = _PageItem(picture)
        self._page.setRotation(turn)
        self._scene.addItem(self._page)
        rect = self._page.boundingRect()
        for frame in frames:
            region = frame.region
            place = QRectF(
                QPointF(region.left * rect.width(), region.top * rect.height()),
                QPointF(region.right * rect.width(), region.bottom * rect.height()),
            )
            _FrameItem(place, frame, self.font(), turn, self._page)
        shown = self._page.sceneBoundingRect()
        self._scene.setSceneRect(shown.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.setAccessibleDescription(name)
        self.set_zoom(self._zoom)

    def _clear(self) -> None:
        self._words = ""
        self._page = None
        self._scene.clear()

    @property
    def has_page(self) -> bool:
        return self._page is not None

    # -- zoom ---------------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> Zoom:
        return self._zoom

    @property
    def scale_factor(self) -> float:
        """Pixels of the screen for one pixel of the page."""
        return self.transform().m11() * self.devicePixelRatioF()

    def set_zoom(self, zoom: Zoom) -> None:
        """Take one of the fixed zooms; ``FREE`` keeps the factor as it is."""
        self._zoom = zoom
        if zoom is not Zoom.FREE:
            factor = self._fit() if zoom is Zoom.FIT else zoom.value / self.devicePixelRatioF()
            self._scale_to(factor)
        self._tell()

    def toggle(self) -> None:
        """``Z``: between the whole page and pixel for pixel at the mouse."""
        self.set_zoom(Zoom.FIT if self._zoom is not Zoom.FIT else Zoom.FULL)

    def zoom_by(self, factor: float) -> None:
        """Make it larger or smaller around the mouse, within the fitting size and eight times full."""
        if self._page is None:
            return
        least = self._fit()
        wanted = self.transform().m11() * factor
        if wanted <= least * 1.001:
            self.set_zoom(Zoom.FIT)
            return
        self._zoom = Zoom.FREE
        self._scale_to(min(wanted, _LARGEST))
        self._tell()

    def _fit(self) -> float:
        scene = self._scene.sceneRect()
        if self._page is None or scene.isEmpty():
            return 1.0
        room = self.maximumViewportSize()
        return min(room.width() / scene.width(), room.height() / scene.height())

    def _scale_to(self, factor: float) -> None:
        now = self.transform().m11()
        if factor > 0 and abs(factor - now) > 1e-9:
            self.scale(factor / now, factor / now)

    # -- two views together -----------------------------------------------------------------------------------------

    def look(self) -> Look:
        """Where this view looks now."""
        scene = self._scene.sceneRect()
        middle = self.mapToScene(self.viewport().rect().center())
        if scene.isEmpty():
            return Look(Zoom.FIT, 1.0, 0.5, 0.5)
        return Look(
            self._zoom,
            self.transform().m11() / self._fit(),
            (middle.x() - scene.x()) / scene.width(),
            (middle.y() - scene.y()) / scene.height(),
        )

    def follow(self, look: Look) -> None:
        """Look where another view looks."""
        if self._page is None:
            return
        self._following = True
        try:
            self._zoom = look.zoom
            self._scale_to(self._fit() * look.times_fit)
            scene = self._scene.sceneRect()
            self.centerOn(scene.x() + look.x * scene.width(), scene.y() + look.y * scene.height())
        finally:
            self._following = False

    def _tell(self) -> None:
        if not self._following and self._page is not None:
            self.looked.emit(self.look())

    # -- Qt -----------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = (
            event.key(),
            event.modifiers()
            in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            ),
        )
        if plain and key == Qt.Key.Key_Z:
            self.toggle()
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_STEP)
        elif plain and key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End):
            event.ignore()  # these choose pages, here as at the counter
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._zoom is Zoom.FIT:
            self._scale_to(self._fit())
            self._tell()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        if not self._words:
            return
        painter.save()
        painter.resetTransform()
        painter.setPen(self.palette().windowText().color())
        room = self.viewport().rect().adjusted(24, 24, -24, -24)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
        painter.restore()
